using Larder.TestKit;

namespace Larder.BrowserTests;

/// <summary>A web server with one file, of which it sends the second half when the test lets it.</summary>
internal sealed class GatedOrigin : IAsyncDisposable
{
    private readonly Gate _gate = new();
    private readonly ScriptedHttpServer _server;

    public GatedOrigin(byte[] file)
    {
        _gate.Close();
        _server = new ScriptedHttpServer(async exchange =>
        {
            if (exchange.IsHead)
            {
                await exchange.SendHeadAsync(200, file.Length, "ETag: \"v1\"");
                return;
            }
            await exchange.SendHeadAsync(200, file.Length, "ETag: \"v1\"");
            await exchange.SendBodyAsync(file.AsMemory(0, file.Length / 2));
            await _gate.PassAsync(exchange.Stopping);
            await exchange.SendBodyAsync(file.AsMemory(file.Length / 2));
        });
    }

    public string Url => _server.Url("/large/model.onnx");

    /// <summary>Sends the rest.</summary>
    public void Open() => _gate.Open();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
