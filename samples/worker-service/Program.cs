using Larder.Onnx;
using Larder.Onnx.Serving;
using Larder.Server;
using Larder.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.AddLarder();
builder.Services.AddHostedService<Labels>();
await builder.Build().RunAsync();

// Labels each line of its input, and ends with it.
internal sealed class Labels(OnnxModels models, ModelCatalog catalog, IHostApplicationLifetime lifetime)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await Console.In.ReadLineAsync(stoppingToken) is { } line)
        {
            await using var lease = await models.RentAsync(catalog.RequestFor("sentiment"), stoppingToken);
            var outputs = lease.Model.Run(
                new Dictionary<string, Tensor>(StringComparer.Ordinal)
                {
                    ["text"] = new Tensor<string>(new[] { line }, 1),
                },
                stoppingToken
            );
            Console.WriteLine($"{((Tensor<string>)outputs["label"]).Span[0]}: {line}");
        }
        lifetime.StopApplication();
    }
}
