using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Larder.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Larder.Cli.Tests;

public sealed class ListeningTests
{
    [Fact]
    public async Task ListenAsync_AddressThatIsTaken_StopsWhatHadBegun_AndLogsNoFailureOfIt()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var url = string.Create(CultureInfo.InvariantCulture, $"http://{taken.LocalEndpoint}");
        using var log = new RecordingLoggerFactory();
        using var work = new EndlessWork();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<ILoggerFactory>(log).AddSingleton<IHostedService>(work);
        await using var app = builder.Build();
        app.Urls.Add(url);

        var failure = await Assert.ThrowsAsync<ListenException>(() =>
            app.ListenAsync(url, TestContext.Current.CancellationToken)
        );

        Assert.Contains($"cannot listen at {url}", failure.Message, StringComparison.Ordinal);
        Assert.True(work.ExecuteTask is { IsCompleted: true });
        Assert.DoesNotContain("BackgroundService failed", log.Messages);
    }

    private sealed class EndlessWork : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken);
    }
}
