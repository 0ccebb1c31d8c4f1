"""A recording reverse proxy: the partner system's calls to Docplanner, and Docplanner's messages to its endpoint.

What goes through arrives as it was sent: method, path, query, headers but those of one connection, body, status and
reason. It goes on while it comes in; a bounded copy is kept for the journal, redacted, and compared with the contract
once the answer has gone. Nobody can send anything anywhere but to the two configured places.

One connection to the far side belongs to one connection from this side. So nobody's bytes can come to stand in the
answer of another, and a connection is as good or as bad as it would be without the gateway. h11 reads and writes HTTP
on both: a strict state machine without I/O of its own, so what it does not understand is refused and never passed on
half-read. It costs some 0.1 ms a message; a faster parser would not tell where a message is wrong.
"""
