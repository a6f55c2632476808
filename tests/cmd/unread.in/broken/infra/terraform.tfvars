desired = 1
broken = [
