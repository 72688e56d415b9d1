"""How the recogniser's model is made and measured."""
