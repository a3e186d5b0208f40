using Larder.Origins;
using Larder.Pull;

namespace Larder.Tests.Origins;

public sealed class ModelReferenceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("file:///models/house-prices/", "file")]
    [InlineData("HTTPS://Host/model.onnx", "https")]
    [InlineData("hf://org/repo@main", "hf")]
    public void Parse_Uri_HasItsScheme(string text, string scheme) =>
        Assert.Equal(scheme, ModelReference.Parse(text).Scheme);

    [Theory]
    [InlineData("file:///models/house-prices")]
    [InlineData("file:///models/house-prices/")]
    [InlineData("file:///a-b_c~d.e/F0")]
    [InlineData("file:///a//b")]
    [InlineData("file:///a/./b/../c")]
    [InlineData("file:///a/.hidden/...")]
    [InlineData("file:///a/")]
    [InlineData("file:///a//")]
    [InlineData("file:///")]
    [InlineData("file:///a%20b")]
    [InlineData("file:///ä")]
    public void Parse_File_IsWhatItsUriSays(string text)
    {
        var uri = new Uri(text);

        var reference = ModelReference.Parse(text);

        var path = uri.AbsolutePath.Length > 1 ? uri.AbsolutePath.TrimEnd('/') : uri.AbsolutePath;
        Assert.Equal("file://" + path, reference.Text);
        Assert.Equal("file", reference.Scheme);
        Assert.Equal(uri, reference.Uri);
    }

    [Theory]
    [InlineData("https://host/")]
    [InlineData("https://models.example.org/house-prices/v1/model.onnx")]
    [InlineData("http://127.0.0.1:8080/m/")]
    [InlineData("http://127.0.0.01/m/")]
    [InlineData("http://127.1/m")]
    [InlineData("http://0x7f.0.0.1/m")]
    [InlineData("http://2130706433/m")]
    [InlineData("http://a.1/m")]
    [InlineData("http://1a.b2/m")]
    [InlineData("http://host:80/m")]
    [InlineData("https://host:443/m")]
    [InlineData("http://host:443/m")]
    [InlineData("http://host:0080/m")]
    [InlineData("http://host:65535/m")]
    [InlineData("http://HOST/m")]
    [InlineData("http://host./m")]
    [InlineData("http://host")]
    [InlineData("http://host//m/./x")]
    [InlineData("s3://bucket/prefix/")]
    [InlineData("s3://my.bucket-1/key")]
    [InlineData("az://account/container/model/")]
    public void Parse_Url_IsWhatItsUriSays(string text) => AssertAsUri(text);

    [Fact]
    public void Parse_AnyUrl_IsWhatItsUriSays()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string Of(string letters, int most) =>
            new([.. Enumerable.Range(0, random.Next(most)).Select(_ => letters[random.Next(letters.Length)])]);
        for (var i = 0; i < 20_000; i++)
        {
            var scheme = random.GetItems(["http", "https", "s3", "az"], 1)[0];
            var text = $"{scheme}://{Of("ab10.-2x:", 12)}/{Of("aB1./-_~%:", 12)}";
            if (Uri.TryCreate(text, UriKind.Absolute, out _))
                AssertAsUri(text);
            else
                Assert.Throws<ReferenceException>(() => ModelReference.Parse(text));
        }
    }

    private static void AssertAsUri(string text)
    {
        var uri = new Uri(text);
        var expected = uri.GetComponents(
            UriComponents.SchemeAndServer | UriComponents.Path | UriComponents.KeepDelimiter,
            UriFormat.UriEscaped
        );

        var reference = ModelReference.Parse(text);

        Assert.Equal(expected, reference.Text);
        Assert.Equal((uri.Scheme, uri), (reference.Scheme, reference.Uri));
        Assert.Null(reference.QueryDigest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("model.onnx")]
    [InlineData("/models/house-prices")]
    [InlineData("http://")]
    [InlineData("http://host:port/x")]
    [InlineData("://x")]
    [InlineData("a?b://c@d")]
    [InlineData("file:///a\0b")]
    public void Parse_NotAReference_SaysWhatToWrite(string text)
    {
        var refused = Assert.Throws<ReferenceException>(() => ModelReference.Parse(text));

        Assert.Contains("is not a model reference. Write a URI such as", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', refused.Message);
    }

    [Theory]
    [InlineData("user:CANARY@host/x")]
    [InlineData("http://user:CANARY@host:port/x")]
    [InlineData("http://user:CANARY/CANARY@host:port/x")]
    [InlineData("http://user:CANARY?CANARY@host:port/x")]
    [InlineData("http://user:CANARY#CANARY@host:port/x")]
    [InlineData("http://ho st/x?sig=CANARY")]
    [InlineData("http://ho st/x?sig=a@CANARY")]
    [InlineData("http://user:CANARY@host/x?sig=CANARY#CANARY")]
    [InlineData("user:CANARY@x?://y")]
    [InlineData("ftp://user:CANARY@host/x?sig=CANARY")]
    public void Parse_NotAReference_KeepsItsSecrets(string text)
    {
        var refused = Assert.Throws<ReferenceException>(() => ModelReference.Parse(text));

        Assert.DoesNotContain("CANARY", refused.ToString() + refused.Reference, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///models/x?")]
    [InlineData("https://host/x?")]
    [InlineData("s3://bucket/prefix/?versionId=1")]
    public void Parse_WithAQuery_KeepsItOutOfTheText(string text) =>
        Assert.Equal(text.Split('?')[0], ModelReference.Parse(text).Text);

    [Fact]
    public void Parse_WithAFragment_SaysWhatToDoWithIt()
    {
        var refused = Assert.Throws<ReferenceException>(() => ModelReference.Parse("file:///models/a#b"));

        Assert.Contains("write %23", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hf://gpt2", "hf://gpt2@main")]
    [InlineData("hf://gpt2@main", "hf://gpt2@main")]
    [InlineData("HF://TheOrg/My_Repo", "hf://TheOrg/My_Repo@main")]
    [InlineData("hf://org/", "hf://org@main")]
    [InlineData("hf://org/repo/", "hf://org/repo@main")]
    [InlineData("hf://org/repo@v1.0/", "hf://org/repo@v1.0")]
    [InlineData("hf://org/repo@a%2Fb", "hf://org/repo@a%2Fb")]
    [InlineData("hf://org/repo@refs/pr/1", "hf://org/repo@refs/pr/1")]
    [InlineData("hf://org/repo@refs%2Fpr%2F1", "hf://org/repo@refs/pr/1")]
    [InlineData("hf://org/repo@refs/pr/1/onnx/", "hf://org/repo@refs/pr/1/onnx/")]
    [InlineData("hf://datasets/squad@refs/convert/parquet", "hf://datasets/squad@refs/convert/parquet")]
    [InlineData("hf://datasets/org/name/a b.csv", "hf://datasets/org/name@main/a%20b.csv")]
    [InlineData("hf://spaces/org/name", "hf://spaces/org/name@main")]
    [InlineData("hf://gpt2@main/onnx/model.onnx", "hf://gpt2@main/onnx/model.onnx")]
    [InlineData("hf://org/repo/a@2x.png", "hf://org/repo@main/a%402x.png")]
    public void Parse_Hub_HasOneTextWithItsRevision(string text, string expected)
    {
        var reference = ModelReference.Parse(text);

        Assert.Equal(expected, reference.Text);
        Assert.Equal("hf", reference.Scheme);
        Assert.Equal(reference, ModelReference.Parse(reference.Text));
        Assert.Equal(expected.Replace("hf://", "hf:///", StringComparison.Ordinal), reference.Uri.AbsoluteUri);
    }

    [Theory]
    [InlineData("hf://org/repo@main", "hf://org/repo@dev")]
    [InlineData("hf://org/repo", "hf://ORG/repo")]
    [InlineData("hf://org/repo@main/a", "hf://org/repo@main/a/")]
    [InlineData("hf://org/repo", "hf://datasets/org/repo")]
    public void Parse_HubOther_IsAnotherModelUnderAnotherKey(string one, string other)
    {
        var (first, second) = (ModelReference.Parse(one), ModelReference.Parse(other));

        Assert.NotEqual(first, second);
        Assert.NotEqual(PullRequest.KeyOf(first), PullRequest.KeyOf(second));
    }

    [Fact]
    public void Parse_HubPath_IsReadInItsParts()
    {
        var file = ModelReference.Parse("hf://datasets/org/name@a%2Fb/sub%20dir/x.bin").Hub!;
        var directory = ModelReference.Parse("hf://gpt2@main/onnx/").Hub!;

        Assert.Equal(new HubRepository("datasets", "org/name"), file.Repository);
        Assert.Equal(("a/b", "sub dir/x.bin", "sub dir/"), (file.Revision, file.Path, file.Directory));
        Assert.Equal("sub dir/x.bin", file.PathOf("x.bin"));
        Assert.Equal("onnx/model.onnx", directory.PathOf("model.onnx"));
    }

    [Theory]
    [InlineData("hf://")]
    [InlineData("hf:///org/repo")]
    [InlineData("hf://org/repo@")]
    [InlineData("hf://org/repo@..")]
    [InlineData("hf://org/repo@%2E%2E%2Fx")]
    [InlineData("hf://org/repo@a..b")]
    [InlineData("hf://org/repo@/main")]
    [InlineData("hf://org/repo@a b")]
    [InlineData("hf://org/re--po")]
    [InlineData("hf://org/../repo")]
    [InlineData("hf://org/repo@main/../x")]
    [InlineData("hf://org/repo@main/a//b")]
    [InlineData("hf://org/repo@main/%2E%2E/x")]
    [InlineData("hf://org/repo@main/a%00b")]
    [InlineData("hf://org/repo#x")]
    public void Parse_NotOfTheHub_SaysWhatToWrite(string text)
    {
        var refused = Assert.Throws<ReferenceException>(() => ModelReference.Parse(text));

        Assert.Contains("Write hf://org/repo@revision", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hf://user:CANARY@org/repo")]
    [InlineData("hf://org/repo?token=CANARY")]
    [InlineData("hf://hf_CANARYCANARYCANARYCANARYCANARY@org/repo")]
    [InlineData("hf://hf_CANARYCANARYCANARYCANARYCANARY/repo@main")]
    public void Parse_HubWithASecret_KeepsIt(string text)
    {
        var refused = Assert.Throws<ReferenceException>(() => ModelReference.Parse(text));

        Assert.DoesNotContain("CANARY", refused.ToString() + refused.Reference, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_WithSecrets_LeavesThemOut()
    {
        var reference = ModelReference.Parse("https://user:password@host:8443/a%20b/model.onnx?sig=SECRET");

        Assert.Equal("https://host:8443/a%20b/model.onnx", reference.ToString());
    }

    [Theory]
    [InlineData("X-Amz-Date=1&X-Amz-Signature=aa&versionId=7", "versionId=7&X-Amz-Signature=bb&X-Amz-Expires=9")]
    [InlineData("Expires=1&Signature=aa&Key-Pair-Id=K", "Expires=2&Signature=bb&Key-Pair-Id=K")]
    [InlineData("AWSAccessKeyId=A&Expires=1&Signature=aa", "AWSAccessKeyId=B&Expires=2&Signature=bb")]
    [InlineData("X-Goog-Date=1&X-Goog-Signature=aa", "X-Goog-Date=2&X-Goog-Signature=bb")]
    [InlineData("sv=2024-11-04&se=1&sp=r&sig=aa", "sv=2025-01-05&st=1&se=2&sp=rl&spr=https&sig=bb")]
    public void Equals_SignedAnew_IsTheSameModel(string one, string other)
    {
        var (first, second) = (Of(one), Of(other));

        Assert.Equal(first, second);
        Assert.Equal(PullRequest.KeyOf(first).Digest, PullRequest.KeyOf(second).Digest);
        // Who has no signature, or only says so, or came over the network, does not get what it has fetched.
        Assert.NotEqual(first, ModelReference.Parse("https://host/model.onnx"));
        Assert.NotEqual(first, Of("signed"));
        Assert.NotEqual(first, Of("signed?"));
        Assert.NotEqual(first, ModelReference.ParseUntrusted("https://host/model.onnx?" + other));

        static ModelReference Of(string query) => ModelReference.Parse("https://host/model.onnx?" + query);
    }

    [Theory]
    [InlineData("versionId=1&X-Amz-Signature=aa", "versionId=2&X-Amz-Signature=aa")]
    [InlineData("sig=1", "sig=2")]
    [InlineData("sv=1&sig=aa&snapshot=1", "sv=1&sig=aa&snapshot=2")]
    [InlineData("design=1", "design=2")]
    public void Equals_WhatIsNoSignatureDiffers_IsAnotherModel(string one, string other) =>
        Assert.NotEqual(
            ModelReference.Parse("https://host/model.onnx?" + one),
            ModelReference.Parse("https://host/model.onnx?" + other)
        );

    [Fact]
    public void Equals_OtherQuery_IsAnotherModel() =>
        Assert.NotEqual(ModelReference.Parse("https://host/x?file=1"), ModelReference.Parse("https://host/x?file=2"));

    [Fact]
    public void Equals_OtherUser_IsTheSameModel() =>
        Assert.Equal(ModelReference.Parse("https://a:b@host/x"), ModelReference.Parse("https://c:d@host/x"));

    [Theory]
    [InlineData("/models/100% #1/ä?.onnx")]
    [InlineData("/models/%41/x")]
    [InlineData("/models/a b")]
    public void OfPath_AnyName_NamesThatPath(string path)
    {
        var reference = ModelReference.OfPath(path);

        Assert.Equal(path, Uri.UnescapeDataString(reference.Uri.AbsolutePath));
        Assert.Equal(reference, ModelReference.Parse(reference.Text));
    }
}
