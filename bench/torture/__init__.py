"""What the product has to bear, tried many times from a seed."""
