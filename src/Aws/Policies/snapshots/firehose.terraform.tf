terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "access_key" {
  description = "As it is set in Yagura"
  type        = string
  sensitive   = true
}

resource "aws_iam_role" "yagura" {
  name_prefix        = "yagura-"
  description        = "Lets Firehose keep what it cannot deliver to Yagura"
  assume_role_policy = jsonencode({
    "Version": "2012-10-17",
    "Statement": [
      {
        "Effect": "Allow",
        "Principal": {
          "Service": "firehose.amazonaws.com"
        },
        "Action": "sts:AssumeRole"
      }
    ]
  })
}

resource "aws_iam_role_policy" "yagura" {
  name_prefix = "yagura-"
  role        = aws_iam_role.yagura.id
  policy      = jsonencode({
    "Version": "2012-10-17",
    "Statement": [
      {
        "Sid": "KeepWhatCannotBeDelivered",
        "Effect": "Allow",
        "Action": [
          "s3:AbortMultipartUpload",
          "s3:GetBucketLocation",
          "s3:GetObject",
          "s3:ListBucket",
          "s3:ListBucketMultipartUploads",
          "s3:PutObject"
        ],
        "Resource": [
          "arn:aws:s3:::undelivered-logs",
          "arn:aws:s3:::undelivered-logs/yagura/*"
        ]
      },
      {
        "Sid": "EncryptWhatIsKept",
        "Effect": "Allow",
        "Action": [
          "kms:Decrypt",
          "kms:GenerateDataKey"
        ],
        "Resource": "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef"
      }
    ]
  })
}

resource "aws_kinesis_firehose_delivery_stream" "yagura" {
  name        = "yagura"
  destination = "http_endpoint"

  http_endpoint_configuration {
    name               = "Yagura"
    url                = "https://yagura.example/firehose"
    access_key         = var.access_key
    role_arn           = aws_iam_role.yagura.arn
    buffering_interval = 60
    buffering_size     = 4
    retry_duration     = 7200
    s3_backup_mode     = "FailedDataOnly"

    request_configuration {
      content_encoding = "GZIP"
    }

    s3_configuration {
      role_arn           = aws_iam_role.yagura.arn
      bucket_arn         = "arn:aws:s3:::undelivered-logs"
      prefix             = "yagura/"
      compression_format = "GZIP"
      kms_key_arn        = "arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef"
    }
  }
}

output "stream_name" {
  description = "Where services and subscriptions send logs to."
  value       = aws_kinesis_firehose_delivery_stream.yagura.name
}
