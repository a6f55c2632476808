#= not-applicable: no configuration
resource "aws_ecs_cluster" "main" {
  name = "main"
}
#= not-applicable: NONE
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "NONE"
    }
  }
}
#= fail: no key
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "DEFAULT"
    }
  }
}
#= fail: a key of AWS
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "DEFAULT"
      kms_key_id = "alias/aws/ssm"
    }
  }
}
#= pass: a key
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "DEFAULT"
      kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1"
    }
  }
}
#= pass: a key that is not known
variable "v" {
  type = string
}
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "DEFAULT"
      kms_key_id = var.v
    }
  }
}
#= fail: logs that are not encrypted
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1"
      log_configuration {
        cloud_watch_log_group_name = "g"
      }
    }
  }
}
#= fail: logs written as not encrypted
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1"
      log_configuration {
        cloud_watch_log_group_name = "g"
        cloud_watch_encryption_enabled = false
      }
    }
  }
}
#= pass: logs that are encrypted
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1"
      log_configuration {
        cloud_watch_log_group_name = "g"
        cloud_watch_encryption_enabled = true
      }
    }
  }
}
#= fail: encrypted logs, no key
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      log_configuration {
        cloud_watch_log_group_name = "g"
        cloud_watch_encryption_enabled = true
      }
    }
  }
}
#= fail: a bucket that is not encrypted
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1"
      log_configuration {
        s3_bucket_name = "b"
      }
    }
  }
}
#= fail: a log group of our own without a key
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1"
      log_configuration {
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.x.name
        cloud_watch_encryption_enabled = true
      }
    }
  }
}
resource "aws_cloudwatch_log_group" "x" {
  name = "g"
}
#= pass: a log group of our own with a key
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1"
      log_configuration {
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.x.name
        cloud_watch_encryption_enabled = true
      }
    }
  }
}
resource "aws_cloudwatch_log_group" "x" {
  name = "g"
  kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1"
}
#= unknown: encryption that is not known
variable "p" {
  type = bool
}
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1"
      log_configuration {
        cloud_watch_log_group_name = "g"
        cloud_watch_encryption_enabled = var.p
      }
    }
  }
}
#= pass: OVERRIDE without destinations: the channel decides
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      logging = "OVERRIDE"
      kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/1"
    }
  }
}
#= unknown: the log group may be one that a module that is not installed makes
resource "aws_ecs_cluster" "main" {
  name = "main"
  configuration {
    execute_command_configuration {
      kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/a"
      logging    = "OVERRIDE"
      log_configuration {
        cloud_watch_encryption_enabled = true
        cloud_watch_log_group_name     = "sessions"
      }
    }
  }
}
module "other" {
  source = "example/other/aws"
}
