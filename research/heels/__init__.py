"""How the heel ear's judge and thresholds are fitted, and the ear is measured."""
