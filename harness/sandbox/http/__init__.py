"""The sandbox over HTTP: the wire, the Docplanner API, the token service, the control API, the server."""
