"""The natural voices that ship: how their lines are rendered, chosen and measured."""
