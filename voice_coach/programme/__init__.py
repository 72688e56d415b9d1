"""What to do: levels, tempo, today's plan, the vocabulary of what was done.

Pure: nothing here knows of sound, of stream time or of the present date, and nothing is read
but the two data files beside these modules.
"""
