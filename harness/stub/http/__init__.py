"""The two faces of the clinic: the partner control contract, and the endpoint that takes notifications."""
