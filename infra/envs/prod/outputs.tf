output "cluster_name" {
  description = "Name of the cluster."
  value       = module.cluster.name
}

output "repository_urls" {
  description = "Where the images are pushed to, by service."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}

output "load_balancer_dns_name" {
  description = "Name that the internal load balancer answers to."
  value       = aws_lb.this.dns_name
}
