using Larder.Graphs;
using Larder.Server.Access;
using Larder.Server.Configuration;

namespace Larder.Server.Tests.Access;

public sealed class ListenAddressesTests
{
    private static readonly CertificateFiles Certificate = new() { Path = "/nowhere" };
    private readonly TestTokens _tokens = new();

    [Theory]
    [InlineData("http://0.0.0.0:80")]
    [InlineData("http://*:80")]
    [InlineData("http://[::]:80")]
    [InlineData("http://192.0.2.1:80")]
    [InlineData("http://127.0.0.1:80")]
    [InlineData("https://*:443")]
    [InlineData("https://localhost:443;http://10.0.0.1:80")]
    public void Parse_WithTokensAndCertificate_AnyAddressWillDo(string urls) =>
        Assert.Equal(
            urls.Split(';'),
            ListenAddresses.Parse(urls, "--urls", With(new() { Tokens = _tokens.All, Certificate = Certificate }))
        );

    [Theory]
    [InlineData("http://example.com:80")]
    [InlineData("http://+:80")]
    [InlineData("http://unix:/tmp/larder.sock")]
    [InlineData("http://*:80/base")]
    [InlineData("ftp://*")]
    [InlineData("*:80")]
    public void Parse_NoAddress_IsAFaultAlsoWithTokens(string urls)
    {
        var failure = Assert.Throws<ConfigurationException>(() =>
            ListenAddresses.Parse(urls, "server.urls", With(new() { Tokens = _tokens.All }))
        );

        Assert.StartsWith(
            $"server.urls {urls} is no address to listen at",
            Assert.Single(failure.Faults),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Parse_HttpsWithoutACertificate_SaysWhatIsMissing()
    {
        var failure = Assert.Throws<ConfigurationException>(() =>
            ListenAddresses.Parse("https://127.0.0.1:0", "--urls", With(new()))
        );

        Assert.Equal(["--urls https://127.0.0.1:0 needs a certificate: set server.certificate."], failure.Faults);
    }

    [Fact]
    public void Parse_HttpsOnLoopbackWithoutTokens_WillDo() =>
        Assert.Single(
            ListenAddresses.Parse("https://127.0.0.1:0", "--urls", With(new() { Certificate = Certificate }))
        );

    private static LarderConfiguration With(ServerOptions server) =>
        new()
        {
            Source = "the test",
            Store = new ModelCacheOptions(),
            Graphs = new GraphCacheOptions(),
            Models = new Dictionary<string, ServedModel>(StringComparer.Ordinal),
            Warnings = [],
            Server = server,
        };
}
