using Larder.TestKit;

namespace Larder.IntegrationTests;

/// <summary><c>docs/deploy/larder.service</c>, as systemd reads it.</summary>
[Trait("Category", "Integration")]
public sealed class SystemdUnitTests : CommandTests
{
    [Fact]
    public async Task Unit_ReadBySystemd_HasNoFault()
    {
        Tool.SkipUnlessThere("systemd-analyze");
        var text = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs", "deploy", "larder.service"),
            TestContext.Current.CancellationToken
        );
        // The command is not where the unit expects it; that it can be executed is part of the check.
        var program = text.Split("ExecStart=")[1].Split(' ')[0];
        var unit = At("larder.service");
        await File.WriteAllTextAsync(
            unit,
            text.Replace(program, CommandProcess.ExecutablePath(), StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        // Settings that are unknown or wrong are warnings on standard error, and no failure.
        var said = await Tool.RunAsync(Here, "sh", "-c", "systemd-analyze verify --man=no larder.service 2>&1");

        Assert.Equal("", said);
    }

    [Fact]
    public async Task Unit_WithASettingThatSystemdDoesNotKnow_WouldBeTold()
    {
        Tool.SkipUnlessThere("systemd-analyze");
        await File.WriteAllTextAsync(
            At("wrong.service"),
            $"[Service]\nExecStart={CommandProcess.ExecutablePath()} serve\nKillMod=mixed\n",
            TestContext.Current.CancellationToken
        );

        var said = await Tool.RunAsync(Here, "sh", "-c", "systemd-analyze verify --man=no wrong.service 2>&1");

        Assert.Contains("KillMod", said, StringComparison.Ordinal);
    }
}
