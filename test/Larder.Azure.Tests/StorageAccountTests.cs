namespace Larder.Azure.Tests;

public sealed class StorageAccountTests
{
    private const string Key = "bGFyZGVyLWNhbmFyeQ=="; // larder-canary

    [Theory]
    [InlineData(
        $"DefaultEndpointsProtocol=https;AccountName=models;AccountKey={Key};EndpointSuffix=core.windows.net",
        "models",
        "https://models.blob.core.windows.net/"
    )]
    [InlineData($"AccountName=models;AccountKey={Key}", "models", "https://models.blob.core.windows.net/")]
    [InlineData(
        $"AccountName=models;AccountKey={Key};EndpointSuffix=core.chinacloudapi.cn",
        "models",
        "https://models.blob.core.chinacloudapi.cn/"
    )]
    [InlineData(
        $" accountname = models ; ACCOUNTKEY = {Key} ;; DefaultEndpointsProtocol=http",
        "models",
        "http://models.blob.core.windows.net/"
    )]
    [InlineData(
        $"AccountName=models;AccountKey={Key};BlobEndpoint=http://127.0.0.1:10000/models/;QueueEndpoint=http://127.0.0.1:10001/models",
        "models",
        "http://127.0.0.1:10000/models"
    )]
    [InlineData("UseDevelopmentStorage=true", "devstoreaccount1", "http://127.0.0.1:10000/devstoreaccount1")]
    [InlineData(
        "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite",
        "devstoreaccount1",
        "http://azurite:10000/devstoreaccount1"
    )]
    public void Parse_WithKey_FindsAccountAndAddress(string text, string name, string endpoint)
    {
        var account = StorageAccount.Parse(text);

        Assert.Equal((name, endpoint, null), (account.Name, account.Endpoint.AbsoluteUri, account.Signature));
        Assert.NotEmpty(account.Key!);
    }

    [Theory]
    [InlineData("BlobEndpoint=https://models.blob.core.windows.net/;SharedAccessSignature=sv=1&sig=a%3D", "models")]
    [InlineData("BlobEndpoint=https://models.privatelink.example.org;SharedAccessSignature=?sv=1&sig=a%3D", "models")]
    [InlineData("BlobEndpoint=http://127.0.0.1:10000/models;SharedAccessSignature=sv=1&sig=a%3D", "models")]
    [InlineData(
        "BlobEndpoint=https://cdn.example.org;AccountName=models;SharedAccessSignature=sv=1&sig=a%3D",
        "models"
    )]
    public void Parse_WithSignature_KeepsItAsItIs(string text, string name)
    {
        var account = StorageAccount.Parse(text);

        Assert.Equal((name, "sv=1&sig=a%3D", null), (account.Name, account.Signature, account.Key));
    }

    [Theory]
    [InlineData("larder-canary", "a part of it has no name")]
    [InlineData("=larder-canary", "a part of it has no name")]
    [InlineData("", "neither AccountName nor BlobEndpoint")]
    [InlineData($"AccountKey={Key}", "neither AccountName nor BlobEndpoint")]
    [InlineData("AccountName=models", "neither AccountKey nor SharedAccessSignature")]
    [InlineData("AccountName=models;AccountKey=larder-canary", "its AccountKey is not base64")]
    [InlineData(
        "BlobEndpoint=https://u:larder-canary@host;SharedAccessSignature=sig=a",
        "its BlobEndpoint does not lead to an address"
    )]
    [InlineData(
        "BlobEndpoint=https://host/?sig=larder-canary;SharedAccessSignature=sig=a",
        "its BlobEndpoint does not lead to an address"
    )]
    [InlineData(
        "BlobEndpoint=models;SharedAccessSignature=sig=larder-canary",
        "its BlobEndpoint does not lead to an address"
    )]
    [InlineData($"AccountName=models;AccountKey={Key};DefaultEndpointsProtocol=ftp", "does not lead to an address")]
    public void Parse_ThatIsNone_SaysWhatIsWrongAndNoSecret(string text, string fault)
    {
        var refused = Assert.Throws<FormatException>(() => StorageAccount.Parse(text));

        Assert.Contains(fault, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, refused.ToString(), StringComparison.Ordinal);
    }
}
