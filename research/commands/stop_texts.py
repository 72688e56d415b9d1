"""Sentences with "stop", and words that resemble it."""

WITH_STOP = (
    *("stop",) * 8,
    *("stop stop", "stop now", "stop now", "stop please", "please stop", "please stop", "stop it"),
    *("stop that", "stop this", "stop there", "stop right now", "stop everything", "coach stop"),
    *("stop the exercise", "stop the session", "okay coach stop", "um stop", "i want to stop"),
    *("stop thank you", "no stop", "oh stop", "stop coach", "hey coach stop now", "yes stop"),
)
ALIKE = (
    *("stopped", "stopped", "stopping", "stopper", "stops", "stock", "stock", "stocks", "stuck"),
    *("step", "step", "steps", "steep", "top", "top", "tops", "the top", "start", "start", "star"),
    *("started", "starting", "starts", "shop", "shop", "shops", "shot", "drop", "drop", "drops"),
    *("dropped", "stuff", "stuff", "stall", "store", "story", "stand up", "stay up", "stand"),
    *(
        "swap",
        "spot",
        "spots",
        "stop watch",
        "stack",
        "stick",
        "stamp",
        "staff",
        "stair",
        "stomach",
    ),
    *("pop", "hop", "chop", "crop", "cop", "hot", "got", "not", "what", "talk", "stalk", "state"),
    *("sort", "sir", "soup", "soap", "sub", "set up", "sit up", "sat", "tap", "tape", "type"),
    *("up", "off", "on", "from", "store it", "step up", "it's hot", "that's odd", "last of all"),
    *("best of both", "must obey", "first option", "worst operation", "almost up", "just opposite"),
    *(
        "most opportunities",
        "it's top",
        "this top shelf",
        "heels drop",
        "and drop",
        "rise and drop",
    ),
    *("start intermediate", "start advanced", "start beginner", "start the exercise", "start now"),
)
