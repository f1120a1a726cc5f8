# Everything that Terraform's provider manages of GuardDuty and that we are asked for; "changed" is a second wish for the same resources.
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "list" { type = string }
variable "destination" { type = string }
variable "changed" {
  type    = bool
  default = false
}

provider "aws" {
  region                      = "eu-west-1"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  endpoints {
    guardduty = var.endpoint
    sts       = var.endpoint
  }
  default_tags { tags = { managed-by = "terraform" } }
}

resource "aws_guardduty_detector" "this" {
  enable                       = true
  finding_publishing_frequency = var.changed ? "FIFTEEN_MINUTES" : "ONE_HOUR"
  tags                         = { stage = var.changed ? "two" : "one" }
}

resource "aws_guardduty_detector_feature" "s3" {
  detector_id = aws_guardduty_detector.this.id
  name        = "S3_DATA_EVENTS"
  status      = var.changed ? "DISABLED" : "ENABLED"
}

resource "aws_guardduty_detector_feature" "runtime" {
  detector_id = aws_guardduty_detector.this.id
  name        = "RUNTIME_MONITORING"
  status      = "ENABLED"
  additional_configuration {
    name   = "EKS_ADDON_MANAGEMENT"
    status = "ENABLED"
  }
  additional_configuration {
    name   = "ECS_FARGATE_AGENT_MANAGEMENT"
    status = "DISABLED"
  }
  additional_configuration {
    name   = "EC2_AGENT_MANAGEMENT"
    status = var.changed ? "ENABLED" : "DISABLED"
  }
}

resource "aws_guardduty_filter" "this" {
  detector_id = aws_guardduty_detector.this.id
  name        = "scanners"
  description = var.changed ? "of ours" : ""
  action      = "ARCHIVE"
  rank        = var.changed ? 2 : 1
  tags        = { stage = var.changed ? "two" : "one" }
  finding_criteria {
    criterion {
      field  = "type"
      equals = var.changed ? ["Recon:EC2/Portscan", "Recon:EC2/PortProbeUnprotectedPort"] : ["Recon:EC2/Portscan"]
    }
    criterion {
      field     = "severity"
      less_than = "7"
    }
    criterion {
      field                 = "updatedAt"
      greater_than_or_equal = "2026-01-01T00:00:00Z"
    }
  }
}

resource "aws_guardduty_ipset" "this" {
  detector_id = aws_guardduty_detector.this.id
  name        = var.changed ? "offices and homes" : "offices"
  format      = "TXT"
  location    = var.list
  activate    = true
}

resource "aws_guardduty_threatintelset" "this" {
  detector_id = aws_guardduty_detector.this.id
  name        = "enemies"
  format      = "TXT"
  location    = var.list
  activate    = var.changed
}

resource "aws_guardduty_publishing_destination" "this" {
  detector_id     = aws_guardduty_detector.this.id
  destination_arn = var.changed ? "${var.destination}/prefix" : var.destination
  kms_key_arn     = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555"
}

resource "aws_guardduty_member" "this" {
  detector_id                = aws_guardduty_detector.this.id
  account_id                 = "444455556666"
  email                      = "member@example.com"
  invite                     = !var.changed
  disable_email_notification = true
}

resource "aws_guardduty_organization_admin_account" "this" {
  admin_account_id = "111122223333"
  depends_on       = [aws_guardduty_detector.this, aws_guardduty_member.this]
}

resource "aws_guardduty_organization_configuration" "this" {
  detector_id                      = aws_guardduty_organization_admin_account.this.id == "" ? "" : aws_guardduty_detector.this.id
  auto_enable_organization_members = var.changed ? "ALL" : "NEW"
}

resource "aws_guardduty_organization_configuration_feature" "this" {
  detector_id = aws_guardduty_organization_configuration.this.detector_id
  name        = "LAMBDA_NETWORK_LOGS"
  auto_enable = var.changed ? "ALL" : "NEW"
}

resource "aws_guardduty_malware_protection_plan" "this" {
  role = "arn:aws:iam::111122223333:role/scan"
  protected_resource {
    s3_bucket {
      bucket_name     = "incoming"
      object_prefixes = var.changed ? ["a/", "b/"] : ["a/"]
    }
  }
  actions {
    tagging { status = var.changed ? "DISABLED" : "ENABLED" }
  }
}

data "aws_guardduty_detector" "this" {
  depends_on = [aws_guardduty_detector.this]
}
