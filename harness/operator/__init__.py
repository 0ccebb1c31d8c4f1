"""A person is asked: to do something, or what they see. On the terminal, or by a script of answers."""
