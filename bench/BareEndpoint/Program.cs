using BareEndpoint;
using Larder.Onnx;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

if (args is not [var file, var url])
{
    Console.Error.WriteLine("usage: BareEndpoint MODEL.onnx URL");
    return 2;
}
using var model = OnnxModel.Load(file);

// The host and its settings are those of larder serve.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(url);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
await using var app = builder.Build();
app.MapPost("/predict", (RequestDelegate)PredictAsync);
await app.RunAsync();
return 0;

async Task PredictAsync(HttpContext context)
{
    var request = await context.Request.ReadFromJsonAsync(HouseJson.Default.HouseRequest, context.RequestAborted);
    var prices = (Tensor<float>)model.Run(request!.Inputs.ToTensors(), context.RequestAborted)["price_eur"];
    var price = prices.Span[0];
    var response = new HouseResponse(
        price,
        new HouseOutputs([
            [price],
        ])
    );
    await context.Response.WriteAsJsonAsync(response, HouseJson.Default.HouseResponse, null, context.RequestAborted);
}
