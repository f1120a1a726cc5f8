namespace Yagura.Aws.Tests;

public sealed class S3LocationTests
{
    [Theory]
    [InlineData("s3://trail-logs", "trail-logs", "")]
    [InlineData("s3://trail-logs/", "trail-logs", "")]
    [InlineData("s3://trail.logs.example/AWSLogs/111122223333/", "trail.logs.example", "AWSLogs/111122223333/")]
    [InlineData("s3://Old_Bucket//a%20b", "Old_Bucket", "/a%20b")]
    public void A_bucket_and_a_prefix_are_read_as_they_are_written(string text, string bucket, string prefix) =>
        Assert.Equal(new S3Location(bucket, prefix), S3Location.Parse(text));

    [Theory]
    [InlineData("s3://")]
    [InlineData("s3:///AWSLogs")]
    [InlineData("s3://ab")]
    [InlineData("s3://logs@evil.example/a")]
    [InlineData("s3://logs:443/a")]
    [InlineData("S3://trail-logs")]
    [InlineData("trail-logs/AWSLogs")]
    [InlineData("")]
    public void Anything_else_is_no_place_in_S3(string text) =>
        Assert.Equal($"{text} is not s3://bucket or s3://bucket/prefix", Assert.Throws<FormatException>(() => S3Location.Parse(text)).Message);

    [Fact]
    public void A_key_comes_back_from_the_name_of_its_object()
    {
        var location = new S3Location("trail-logs", "a");
        Assert.Equal("a/s3://b//c", location.KeyOf(location.NameOf("a/s3://b//c")));
    }
}
