"""The embedded Docplanner sandbox: pure rules, one noun a file, and a real HTTP server around them."""
