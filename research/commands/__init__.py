"""How the command ear is fitted and measured, and the network that knows "stop" is trained."""
