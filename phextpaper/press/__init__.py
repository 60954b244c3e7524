"""Papers whose every number is traced; knows no paper of its own."""
