remote_state {
  backend = "s3"
  config = {
    bucket = "state-${get_aws_account_id()}"
    key    = "${path_relative_to_include()}/terraform.tfstate"
    region = "eu-west-1"
  }
}
