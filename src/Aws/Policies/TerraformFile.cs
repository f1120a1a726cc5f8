using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Yagura.Aws.Policies;

/// <summary>A file for Terraform that makes all that a source needs.</summary>
internal static class TerraformFile
{
    private const string Head =
        """
        terraform {
          required_providers {
            aws = { source = "hashicorp/aws" }
          }
        }

        """;

    public static string Of(PolicyOptions options) => Head + (options.Source == PolicySource.Firehose ? Firehose(options) : Reader(options) + (options.Source == PolicySource.Sqs ? Queue(options) : ""));

    private static string Reader(PolicyOptions options) => options.Trusted is null
        ? $$"""

            resource "aws_iam_policy" "yagura" {
              name_prefix = "yagura-"
              description = "Lets Yagura read logs"
              policy      = {{Document(Statements.Policy(options))}}
            }

            output "policy_arn" {
              description = "Attach it to what runs Yagura."
              value       = aws_iam_policy.yagura.arn
            }

            """
        : Role(options, "Lets Yagura read logs") +
        """

        output "role_arn" {
          description = "The role of the source."
          value       = aws_iam_role.yagura.arn
        }

        """;

    private static string Role(PolicyOptions options, string description) =>
        $$"""

        resource "aws_iam_role" "yagura" {
          name_prefix        = "yagura-"
          description        = "{{description}}"
          assume_role_policy = {{Document(Statements.Trust(options))}}
        }

        resource "aws_iam_role_policy" "yagura" {
          name_prefix = "yagura-"
          role        = aws_iam_role.yagura.id
          policy      = {{Document(Statements.Policy(options))}}
        }

        """;

    private static string Queue(PolicyOptions options) =>
        $$"""

        resource "aws_sqs_queue" "logs" {
          name                      = {{Literal(options.QueueName)}}
          message_retention_seconds = 1209600
          receive_wait_time_seconds = 20
          sqs_managed_sse_enabled   = true
        }

        resource "aws_sqs_queue_policy" "logs" {
          queue_url = aws_sqs_queue.logs.id
          policy = jsonencode({
            Version = "2012-10-17"
            Statement = [{
              Sid       = "EventBridgeTells"
              Effect    = "Allow"
              Principal = { Service = "events.amazonaws.com" }
              Action    = "sqs:SendMessage"
              Resource  = aws_sqs_queue.logs.arn
              Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.logs.arn } }
            }]
          })
        }

        # The bucket has to send its events to EventBridge.
        resource "aws_cloudwatch_event_rule" "logs" {
          name_prefix   = "yagura-"
          description   = "Tells Yagura of new logs"
          event_pattern = {{Document(Statements.Pattern(options))}}
        }

        resource "aws_cloudwatch_event_target" "logs" {
          rule = aws_cloudwatch_event_rule.logs.name
          arn  = aws_sqs_queue.logs.arn
        }

        output "queue_url" {
          description = "The queue of the source."
          value       = aws_sqs_queue.logs.id
        }

        """;

    private static string Firehose(PolicyOptions options) =>
        $$"""

        variable "access_key" {
          description = "As it is set in Yagura"
          type        = string
          sensitive   = true
        }
        {{Role(options, "Lets Firehose keep what it cannot deliver to Yagura")}}
        resource "aws_kinesis_firehose_delivery_stream" "yagura" {
          name        = "yagura"
          destination = "http_endpoint"

          http_endpoint_configuration {
            name               = "Yagura"
            url                = {{Literal(options.Endpoint!)}}
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
              bucket_arn         = {{Literal(options.BucketArn)}}
              prefix             = {{Literal(options.Prefix)}}
              compression_format = "GZIP"{{(options.KmsKey is { } key ? $"\n      kms_key_arn        = {Literal(key)}" : "")}}
            }
          }
        }

        output "stream_name" {
          description = "Where services and subscriptions send logs to."
          value       = aws_kinesis_firehose_delivery_stream.yagura.name
        }

        """;

    // JSON is an expression of Terraform's language once its two ways to interpolate are taken literally.
    private static string Document(JsonNode json) => $"jsonencode({Escaped(SourcePolicy.Text(json).TrimEnd('\n').ReplaceLineEndings("\n  "))})";

    private static string Literal(string text) => Escaped($"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");

    private static string Escaped(string text) => text.Replace("${", "$${", StringComparison.Ordinal).Replace("%{", "%%{", StringComparison.Ordinal);
}
