"""What a run leaves to others: a bundle that stands by itself, its verification, and the comparison of two runs."""
