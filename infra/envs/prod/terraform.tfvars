account_id         = "111122223333"
availability_zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
release            = "1.4.2"
certificate_arn    = "arn:aws:acm:eu-central-1:111122223333:certificate/0f6d7a52-3f0e-4c56-9a3e-6b1d2f6c9a10"
alarm_emails       = ["orders-oncall@example.com"]
