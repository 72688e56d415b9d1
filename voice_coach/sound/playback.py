"""Playing one sound to its end, for what must be said without a microphone."""

from voice_coach.clock import SAMPLE_RATE
from voice_coach.errors import UserError
from voice_coach.samples import Samples
from voice_coach.sound.devices import find, portaudio, quiet


def play(sound: Samples, output_name: str | None) -> None:
    """Play `sound` on the loudspeaker called `output_name`, and wait until it has ended.

    UserError where there is no such loudspeaker, or it cannot be opened.
    """
    sounddevice = portaudio()
    with quiet():
        device = find("output", output_name)
        try:
            sounddevice.play(sound, SAMPLE_RATE, device=device.index, blocking=True)
        except sounddevice.PortAudioError as error:
            raise UserError(
                f"The loudspeaker '{device.name}' cannot be opened ({error.args[0]}): "
                "choose another with --output."
            ) from error
