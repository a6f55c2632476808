module "service" {
  source = "../modules/service"
}

terraform {
  backend "s3" {}
}
