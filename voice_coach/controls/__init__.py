"""Buttons, a switch and lights of the machine, as the Linux kernel has them: no library, no wires.

What a press means and what a light shows is for `home/` to say.
"""
