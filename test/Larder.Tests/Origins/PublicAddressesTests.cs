using System.Net;
using Larder.Origins;
using Larder.Origins.Http;
using Larder.TestKit;

namespace Larder.Tests.Origins;

public sealed class PublicAddressesTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.15.255.255", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.100.100.200", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("168.63.129.16", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("fe80::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("2002:7f00:1::", false)]
    public void Contains_Address_IsOfTheInternet(string address, bool expected) =>
        Assert.Equal(expected, PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task HttpOrigin_ReferenceOfACaller_ReachesNoPrivateAddress(string host)
    {
        await using var server = ScriptedHttpServer.Serving([1, 2, 3]);
        var url = server.Url("/model.bin").Replace("127.0.0.1", host, StringComparison.Ordinal);
        using var origin = new HttpOrigin();

        var failure = await Assert.ThrowsAsync<OriginException>(() =>
            origin.ListAsync(ModelReference.ParseUntrusted(url), TestContext.Current.CancellationToken)
        );

        Assert.Equal(OriginFailure.Denied, failure.Failure);
        Assert.Contains("allow_private_addresses", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        // The operator's own reference goes there, and a caller's where the operator allows it.
        await origin.ListAsync(ModelReference.Parse(url), TestContext.Current.CancellationToken);
        using var open = new HttpOrigin(allowPrivateAddresses: true);
        await open.ListAsync(ModelReference.ParseUntrusted(url), TestContext.Current.CancellationToken);
    }
}
