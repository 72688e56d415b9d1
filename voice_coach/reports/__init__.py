"""The diary as pictures: a calendar for the person, a page for the therapist."""
