locals {
  # One private subnet in each zone. There is no way to the internet, in or out: what tasks need of AWS they reach
  # through the VPC endpoints.
  subnet_cidr_blocks = {
    for index, zone in var.availability_zones : zone => cidrsubnet(var.vpc_cidr_block, 4, index)
  }
}

resource "aws_vpc" "this" {
  cidr_block           = var.vpc_cidr_block
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = local.name }
}

# Nobody uses the default group, so it allows nothing.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id
}

resource "aws_subnet" "private" {
  for_each = local.subnet_cidr_blocks

  vpc_id                  = aws_vpc.this.id
  availability_zone       = each.key
  cidr_block              = each.value
  map_public_ip_on_launch = false
  tags                    = { Name = "${local.name}-private-${each.key}" }
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id
  tags   = { Name = "${local.name}-private" }
}

resource "aws_route_table_association" "private" {
  for_each = aws_subnet.private

  route_table_id = aws_route_table.private.id
  subnet_id      = each.value.id
}

module "endpoints" {
  source = "../../modules/vpc-endpoints"

  name               = local.name
  account_id         = var.account_id
  region             = var.region
  vpc_id             = aws_vpc.this.id
  client_cidr_blocks = values(local.subnet_cidr_blocks)
  subnet_ids         = values(aws_subnet.private)[*].id
  route_table_ids    = [aws_route_table.private.id]
}
