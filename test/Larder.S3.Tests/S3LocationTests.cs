using Larder.Origins;

namespace Larder.S3.Tests;

public sealed class S3LocationTests
{
    [Theory]
    [InlineData("s3://bucket", "bucket", "", true)]
    [InlineData("s3://bucket/", "bucket", "", true)]
    [InlineData("s3://bucket/models/", "bucket", "models/", true)]
    [InlineData("s3://bucket/models/model.onnx", "bucket", "models/model.onnx", false)]
    [InlineData("S3://Bucket/Models", "bucket", "Models", false)]
    [InlineData("s3://my.bucket-1_x/k", "my.bucket-1_x", "k", false)]
    [InlineData("s3://bucket/with space/", "bucket", "with space/", true)]
    [InlineData("s3://bucket/a+b", "bucket", "a+b", false)]
    [InlineData("s3://bucket/a%2Bb%20c%23d%3Fe%25f", "bucket", "a+b c#d?e%f", false)]
    [InlineData("s3://bucket/a%2Fb", "bucket", "a/b", false)]
    [InlineData("s3://bucket/a//b", "bucket", "a//b", false)]
    [InlineData("s3://bucket/%C3%BC-模型/", "bucket", "ü-模型/", true)]
    [InlineData("s3://bucket/e%CC%81", "bucket", "e\u0301", false)] // not made one letter: to S3 that is another key
    public void Of_Reference_IsBucketAndKey(string text, string bucket, string key, bool isPrefix)
    {
        var location = S3Location.Of(ModelReference.Parse(text));

        Assert.Equal((bucket, key, isPrefix), (location.Bucket, location.Key, location.IsPrefix));
        Assert.Null(location.VersionId);
        Assert.False(location.IsFixed);
    }

    [Theory]
    [InlineData("s3://bucket/k?versionId=3sL4k%2Bq", "3sL4k+q", true)]
    [InlineData("s3://bucket/k?versionId=null", "null", false)]
    public void Of_Version_IsTaken(string text, string version, bool isFixed)
    {
        var location = S3Location.Of(ModelReference.Parse(text));

        Assert.Equal((version, isFixed), (location.VersionId, location.IsFixed));
    }

    [Theory]
    [InlineData("s3://ab/k", "names no bucket")]
    [InlineData("s3:///k", "names no bucket")]
    [InlineData("s3://bücket/k", "names no bucket")]
    [InlineData("s3://bucket:9000/k", "has a port")]
    [InlineData("s3://key:larder-canary@bucket/k", "has credentials in it")]
    [InlineData("s3://bucket//k", "two slashes")]
    [InlineData("s3://bucket/k?version=larder-canary", "a query other than '?versionId='")]
    [InlineData("s3://bucket/k?versionId=", "a query other than '?versionId='")]
    [InlineData("s3://bucket/k?versionId=a&x=larder-canary", "a query other than '?versionId='")]
    [InlineData("s3://bucket/k/?versionId=larder-canary", "only a single object has")]
    [InlineData("s3://bucket?versionId=larder-canary", "only a single object has")]
    public void Of_WhatCannotBe_IsExplainedWithoutSecrets(string text, string message)
    {
        var failure = Assert.Throws<ReferenceException>(() => S3Location.Of(ModelReference.Parse(text)));

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("larder-canary", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_KeyOfMoreThan1024Bytes_IsExplained() =>
        Assert.Contains(
            "more than 1024 bytes",
            Assert
                .Throws<ReferenceException>(() =>
                    S3Location.Of(ModelReference.Parse($"s3://bucket/{new string('ü', 513)}"))
                )
                .Message,
            StringComparison.Ordinal
        );
}
