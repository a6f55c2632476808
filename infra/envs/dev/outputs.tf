output "cluster_name" {
  description = "Name of the cluster."
  value       = module.cluster.name
}

output "repository_urls" {
  description = "Where the images are pushed to, by service."
  value       = { for name, repository in aws_ecr_repository.this : name => repository.repository_url }
}
