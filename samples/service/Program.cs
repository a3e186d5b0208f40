using Larder.Onnx;
using Larder.Onnx.Serving;
using Larder.Server;
using Larder.Server.Hosting;

var builder = WebApplication.CreateBuilder(args);
builder.AddLarder();

var app = builder.Build();

// The model is fetched, verified and loaded once; the lease keeps it loaded while this request uses it.
app.MapPost(
    "/opinions",
    async (Review review, ModelCatalog catalog, OnnxModels models, CancellationToken cancellationToken) =>
    {
        await using var lease = await models.RentAsync(catalog.RequestFor("sentiment"), cancellationToken);
        var outputs = lease.Model.Run(
            new Dictionary<string, Tensor>(StringComparer.Ordinal)
            {
                ["text"] = new Tensor<string>(new[] { review.Text }, 1),
            },
            cancellationToken
        );
        return new Opinion(((Tensor<string>)outputs["label"]).Span[0], lease.GraphFromCache);
    }
);

app.MapHealthChecks("/health");

// Larder's own routes and dashboard, for those with one of its tokens; without tokens, for this machine.
app.MapLarder("/larder");

app.Run();

internal sealed record Review(string Text);

internal sealed record Opinion(string Label, bool FromCache);
