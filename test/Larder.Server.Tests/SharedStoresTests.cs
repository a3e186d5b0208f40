using Larder.Origins;
using Larder.Passes;
using Larder.Server.Configuration;
using Larder.Server.Tests.Configuration;
using Larder.Sharing;

namespace Larder.Server.Tests;

[Collection(nameof(ConfigurationLoaderTests))]
public sealed class SharedStoresTests
{
    [Theory]
    [InlineData("file:///srv/team%20store/", "directory", "/srv/team store")]
    [InlineData("s3://bucket/team/", "s3", "s3://bucket/team")]
    [InlineData("az://account/container/team/", "azure", "az://account/container/team")]
    public void Open_EveryKind_IsThatStore(string url, string name, string location)
    {
        var store = SharedStores.Open(new TeamStore(url, new SharedCacheOptions()), ConfigurationFile.Load("{}"));
        using var _ = store as IDisposable;

        Assert.Equal((name, location), (store.Name, store.Location));
    }

    [Theory]
    [InlineData("https://host/store")]
    [InlineData("hf://org/repo")]
    [InlineData("file://host/store")]
    [InlineData("/srv/team")]
    [InlineData("s3:///team")]
    public void Open_OtherAddress_SaysWhatToWrite(string url) =>
        Assert.Throws<ReferenceException>(() =>
            SharedStores.Open(new TeamStore(url, new SharedCacheOptions()), ConfigurationFile.Load("{}"))
        );

    [Fact]
    public void Of_WhatAWorkflowLeavesOpen_IsTheConfigurations()
    {
        var configured = new TeamStore(
            "file:///srv/team",
            new SharedCacheOptions
            {
                Namespace = "ours",
                Deadline = TimeSpan.FromSeconds(3),
                Leases = false,
            }
        );
        var account = new Uri("http://127.0.0.1:10000/account");

        var team = TeamStore.Of(
            new WorkflowSharing("az://account/container") { Write = false, AccountUrl = account },
            configured
        );

        Assert.Equal(
            new TeamStore("az://account/container", configured.Options with { Write = false }) { AccountUrl = account },
            team
        );
        Assert.Equal(
            "theirs",
            TeamStore.Of(new WorkflowSharing("s3://b") { Namespace = "theirs" }, null)!.Options.Namespace
        );
        Assert.Null(TeamStore.Of(WorkflowSharing.Off, configured));
    }
}
