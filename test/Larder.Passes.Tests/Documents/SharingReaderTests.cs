namespace Larder.Passes.Documents.Tests;

public sealed class SharingReaderTests
{
    private const string Account = "https://myaccount.blob.core.windows.net";
    private const string Emulator = "http://127.0.0.1:10000/devstoreaccount1";

    [Theory]
    [InlineData(Account, "az://myaccount/cache")]
    [InlineData(Account + "/", "az://myaccount/cache")]
    [InlineData("https://myaccount.blob.core.chinacloudapi.cn", "az://myaccount/cache")]
    [InlineData(Emulator, "az://devstoreaccount1/cache")]
    [InlineData("http://azurite:10000/devstoreaccount1/", "az://devstoreaccount1/cache")]
    public void Olive_AccountAndContainer_AreTheStore(string account, string url)
    {
        var shared = Read($$"""{"cloud_cache_config": {"account_url": "{{account}}", "container_name": "cache"} }""");

        Assert.Equal(new WorkflowSharing(url) { AccountUrl = new Uri(account) }, shared);
        Assert.True(shared!.Read && shared.Write);
    }

    [Fact]
    public void Olive_WithoutUpload_IsReadOnly()
    {
        var shared = Read(
            $$"""{"cloud_cache_config": {"enable_cloud_cache": true, "account_url": "{{Account}}", "container_name": "cache", "upload_to_cloud": false, "input_model_identifier": "org/repo"} }"""
        );

        Assert.True(shared!.Read);
        Assert.False(shared.Write);
    }

    [Theory]
    [InlineData("""{"cloud_cache_config": {"enable_cloud_cache": false}}""")]
    [InlineData(
        """{"cloud_cache_config": {"enable_cloud_cache": false, "account_url": "https://a.example", "container_name": "c", "input_model_identifier": null}}"""
    )]
    [InlineData("""{"shared": false}""")]
    public void Read_SharingTurnedOff_IsOffAndNotTheConfigurations(string members)
    {
        var shared = Read(members);

        Assert.Equal(WorkflowSharing.Off, shared);
        Assert.True(shared!.IsOff);
    }

    // O1: Olive then went to Microsoft's account, or was off without a word.
    [Theory]
    [InlineData("""{}""", "'account_url' is missing", "'container_name' is missing")]
    [InlineData(
        """{"enable_cloud_cache": true, "container_name": "cache"}""",
        "'account_url' is missing",
        "no other account than yours"
    )]
    [InlineData(
        """{"account_url": "https://myaccount.blob.core.windows.net"}""",
        "'container_name' is missing",
        "'enable_cloud_cache' to false"
    )]
    public void Olive_AccountOrContainerMissing_IsAnErrorAndNeverAnotherAccount(string olive, params string[] words)
    {
        var wrong = Assert.Throws<WorkflowException>(() => Read($$"""{"cloud_cache_config": {{olive}}}"""));

        foreach (var word in words)
            Assert.Contains(word, wrong.Message, StringComparison.Ordinal);
        Assert.All(wrong.Faults, fault => Assert.Equal("$.cloud_cache_config", fault.Path));
    }

    [Theory]
    [InlineData("myaccount", "account_url: It is no address")]
    [InlineData("ftp://myaccount.blob.core.windows.net", "account_url: It is no address")]
    [InlineData("https://MY_ACCOUNT.example", "account_url: It names no account")]
    [InlineData("http://127.0.0.1:10000", "account_url: It names no account")]
    [InlineData("http://localhost:10000", "account_url: It names no account")]
    [InlineData("https://myaccount.blob.core.windows.net/cache", "account_url: It goes on behind the account")]
    [InlineData("http://127.0.0.1:10000/devstoreaccount1/cache", "account_url: It goes on behind the account")]
    [InlineData(
        "https://myaccount.blob.core.windows.net?sv=1&sig=s3cr3t",
        "account_url: It has more than host and path"
    )]
    [InlineData("https://u:s3cr3t@myaccount.blob.core.windows.net", "AZURE_STORAGE_CONNECTION_STRING")]
    public void Olive_BadAccount_SaysWhatIsExpected(string account, string words)
    {
        var wrong = Assert.Throws<WorkflowException>(() =>
            Read($$"""{"cloud_cache_config": {"account_url": "{{account}}", "container_name": "cache"} }""")
        );

        Assert.Contains(words, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Cache")]
    [InlineData("a--b")]
    [InlineData("-ab")]
    [InlineData("cache/sub")]
    public void Olive_BadContainer_SaysWhatIsExpected(string container)
    {
        var wrong = Assert.Throws<WorkflowException>(() =>
            Read($$"""{"cloud_cache_config": {"account_url": "{{Account}}", "container_name": "{{container}}"} }""")
        );

        Assert.Contains("$.cloud_cache_config.container_name: It is ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BothStores_IsAnError()
    {
        var wrong = Assert.Throws<WorkflowException>(() =>
            Read("""{"shared": false, "cloud_cache_config": {"enable_cloud_cache": false}}""")
        );

        Assert.Contains("both name the team's store: keep one", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://bucket/prefix", "s3://bucket/prefix")]
    [InlineData("az://account/container/prefix", "az://account/container/prefix")]
    [InlineData("file:///mnt/team", "file:///mnt/team")]
    [InlineData("/mnt/team store", "file:///mnt/team%20store")]
    [InlineData("../team", "file:///srv/team")]
    public void Read_Url_IsAnAddressOrAPathThatBeginsAtTheWorkflow(string text, string url) =>
        Assert.Equal(new WorkflowSharing(url), Read($$"""{"shared": {"url": "{{text}}"} }"""));

    [Fact]
    public void Read_AccountUrl_IsThatOfTheAccount()
    {
        var shared = Read($$"""{"shared": {"url": "az://devstoreaccount1/cache", "account_url": "{{Emulator}}"} }""");

        Assert.Equal(new Uri(Emulator), shared!.AccountUrl);
    }

    [Theory]
    [InlineData("""true""", "$.shared: It is true; false or an object is expected.")]
    [InlineData("""{}""", "$.shared: 'url' is missing")]
    [InlineData("""{"url": "ftp://host/a"}""", "There is no store at ftp://")]
    [InlineData(
        """{"url": "https://myaccount.blob.core.windows.net/cache/a"}""",
        "Write az://myaccount/cache/a for it"
    )]
    [InlineData("""{"url": "s3:///prefix"}""", "$.shared.url: It ")]
    [InlineData("""{"url": "az://account"}""", "It names no container")]
    [InlineData("""{"url": "file://mnt/team"}""", "with three slashes")]
    [InlineData("""{"url": "s3://key:s3cr3t@bucket"}""", "AWS_ACCESS_KEY_ID")]
    [InlineData("""{"url": "az://account/container?sv=1&sig=s3cr3t"}""", "AZURE_STORAGE_CONNECTION_STRING")]
    [InlineData(
        """{"url": "s3://bucket", "namespace": "Main"}""",
        "$.shared.namespace: It is 'Main'; a text of 1 to 64 lower-case"
    )]
    [InlineData(
        """{"url": "s3://bucket", "account_url": "https://myaccount.blob.core.windows.net"}""",
        "'s3://bucket/' is not in it"
    )]
    [InlineData(
        """{"url": "az://other/c", "account_url": "https://myaccount.blob.core.windows.net"}""",
        "'az://other/c' is not in it"
    )]
    public void Read_BadStore_SaysWhatIsExpected(string shared, string words)
    {
        var wrong = Assert.Throws<WorkflowException>(() => Read($$"""{"shared": {{shared}}}"""));

        Assert.Contains(words, wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", wrong.Message, StringComparison.Ordinal);
    }

    private static WorkflowSharing? Read(string members) =>
        WorkflowDocument.Parse($$"""{"input": "a", {{members[1..]}}""", "/srv/flows").Shared;
}
