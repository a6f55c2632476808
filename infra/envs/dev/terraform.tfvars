account_id         = "444455556666"
availability_zones = ["eu-central-1a", "eu-central-1b"]
release            = "1.5.0-rc.1"
