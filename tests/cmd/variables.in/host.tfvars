mode = "host"
