"""What happened: every session, set and repetition, written as it happens, kept on this machine.

Only the loop writes a diary; everything else reads it.
"""
