using Larder.Origins;
using Larder.Server.Configuration;
using Larder.TestKit;

namespace Larder.Server.Tests.Configuration;

public sealed class PracticusModelTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    [Fact]
    public void Read_AsItsToolsWriteIt_TakesTheTwoSettings()
    {
        var model = Read(
            """
            {
              "_comment": "you can also define download_files_to otherwise, /var/practicus/cache is used",
              "download_files_from": "cache/llama-1b-instruct/", // the folder in the bucket
              "score": null, "final_model": ["x",],
            }
            """
        );

        Assert.Equal(new PracticusModel("cache/llama-1b-instruct", PracticusModel.DefaultDirectory), model);
        Assert.Equal("/var/practicus/cache/cache/llama-1b-instruct", model.DirectoryIn(null));
        Assert.Equal("/elsewhere/cache/llama-1b-instruct", model.DirectoryIn("/elsewhere"));
    }

    [Theory]
    [InlineData("s3://bucket/", "s3://bucket/cache/llama/")]
    [InlineData("s3://bucket", "s3://bucket/cache/llama/")]
    [InlineData("az://account/container/models", "az://account/container/models/cache/llama/")]
    [InlineData("https://user:hush@host/files?sig=a", "https://host/files/cache/llama/")]
    public void At_Origin_IsThePlaceBelowIt(string origin, string expected)
    {
        var reference = new PracticusModel("cache/llama", "/to").At(ModelReference.Parse(origin));

        Assert.Equal(expected, reference.Text);
        Assert.Equal(origin.Contains("?sig=a", StringComparison.Ordinal) ? "?sig=a" : "", reference.Uri.Query);
        Assert.Equal(origin.Contains("hush", StringComparison.Ordinal) ? "user:hush" : "", reference.Uri.UserInfo);
    }

    [Fact]
    public void At_PrefixThatNeedsEscaping_IsEscaped() =>
        Assert.Equal(
            "s3://bucket/a%20b/%23c/",
            new PracticusModel("a b/#c", "/to").At(ModelReference.Parse("s3://bucket/")).Text
        );

    [Theory]
    [InlineData("{}", "download_files_from is missing")]
    [InlineData("[]", "It is no object")]
    [InlineData("{", "It cannot be read")]
    [InlineData("""{"download_files_from": 5}""", "download_files_from is 5; a text is expected.")]
    [InlineData("""{"download_files_from": ""}""", "download_files_from is '', which is empty")]
    [InlineData("""{"download_files_from": "../../etc"}""", "which has a '.' or '..' segment")]
    [InlineData("""{"download_files_from": "/abs/"}""", "which is absolute")]
    [InlineData("""{"download_files_from": "a//b"}""", "which has an empty segment")]
    [InlineData("""{"download_files_from": "a", "download_files_to": "here"}""", "an absolute path is expected")]
    [InlineData("""{"download_files_from": "a", "download_files_to": ["b"]}""", "download_files_to is [\"b\"]; a text")]
    public void Read_WhatCannotBe_IsNamed(string json, string fault)
    {
        var failure = Assert.Throws<ConfigurationException>(() => Read(json));

        Assert.Contains(fault, Assert.Single(failure.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NoFile_IsSaid() =>
        Assert.Contains(
            "There is no file",
            Assert.Throws<ConfigurationException>(() => PracticusModel.Read(_directory["nowhere"])).Message,
            StringComparison.Ordinal
        );

    public void Dispose() => _directory.Dispose();

    private PracticusModel Read(string json)
    {
        File.WriteAllText(_directory["model.json"], json);
        return PracticusModel.Read(_directory["model.json"]);
    }
}
