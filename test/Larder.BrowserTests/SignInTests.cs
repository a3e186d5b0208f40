using Larder.Server.Access;
using Larder.TestKit;
using Microsoft.Playwright;

namespace Larder.BrowserTests;

/// <summary>Signing in and out, and what those see who may only look.</summary>
public sealed class SignInTests(Chromium chromium) : BrowserTest(chromium)
{
    private readonly List<AccessToken> _tokens = [];

    [Fact]
    public async Task SignIn_RightToken_LeadsToThePageThatWasWanted()
    {
        var (server, secret) = await StartAsync(Scope.Read, Scope.Admin, Scope.Predict);
        var window = await OpenAsync(server);

        await window.GoAsync("/?q=prices");
        Assert.Contains("/login", window.Page.Url, StringComparison.Ordinal);
        Assert.Empty(await AuditWithoutCountAsync(window));
        await window.Page.GetByLabel("Access token").FillAsync("larder-no-such-token");
        await window.Button("Sign in").ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("did not work");
        await window.Page.GetByLabel("Access token").FillAsync(secret);
        await window.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(window.Row("models", "prices")).ToBeVisibleAsync();
        Assert.EndsWith("/?q=prices", window.Page.Url, StringComparison.Ordinal);
        await window.Button("Warm prices").ClickAsync();
        await Assertions.Expect(window.Row("models", "prices").Locator(".state")).ToHaveTextAsync("loaded");
        AssertNoFaults();
    }

    [Fact]
    public async Task SignOut_Afterwards_ThePageIsClosed()
    {
        var (server, secret) = await StartAsync(Scope.Read, Scope.Admin);
        var window = await OpenAsync(server);
        await SignInAsync(window, secret);
        await Assertions.Expect(window.Page.Locator(".who")).ToContainTextAsync("somebody");

        await window.Button("Sign out").ClickAsync();
        await window.GoAsync();

        Assert.Contains("/login", window.Page.Url, StringComparison.Ordinal);
        AssertNoFaults();
    }

    [Fact]
    public async Task Page_ReaderWithoutAdmin_HasNoButtons()
    {
        var (server, secret) = await StartAsync(Scope.Read);
        var window = await OpenAsync(server);
        await SignInAsync(window, secret);

        await Assertions.Expect(window.Row("models", "prices")).ToBeVisibleAsync();

        Assert.Equal(0, await window.Page.Locator("main form[method=post]").CountAsync());
        await window.GoAsync("/dashboard/clear");
        Assert.Equal(0, await window.Page.Locator("button.danger").CountAsync());
        AssertNoFaults();
    }

    private async Task<(DashboardServer Server, string Secret)> StartAsync(params Scope[] scopes)
    {
        _tokens.Add(AccessToken.Create("somebody", scopes.ToHashSet(), out var secret));
        var server = Own(
            await DashboardServer.StartAsync(
                new TempDirectory(),
                [DashboardServer.Model("prices", DashboardServer.Sample("house-prices/v1"))],
                _tokens
            )
        );
        return (server, secret);
    }

    private static async Task SignInAsync(Window window, string secret)
    {
        await window.GoAsync();
        await window.Page.GetByLabel("Access token").FillAsync(secret);
        await window.Button("Sign in").ClickAsync();
    }

    // The page has few words.
    private static async Task<IEnumerable<string>> AuditWithoutCountAsync(Window window) =>
        (await Audit.RunAsync(window.Page)).Where(fault => !fault.StartsWith("only ", StringComparison.Ordinal));
}
