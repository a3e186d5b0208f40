namespace PackagePages;

/// <summary>The pages, by their packages. That of <c>Larder.Graphs</c> is <c>samples/graphs</c>, a program already.</summary>
internal static class Pages
{
    public static IReadOnlyDictionary<string, Func<string[], Task>> All { get; } =
        new SortedDictionary<string, Func<string[], Task>>(StringComparer.Ordinal)
        {
            ["Larder"] = LarderPage.RunAsync,
            ["Larder.Azure"] = AzurePage.RunAsync,
            ["Larder.Diffusion"] = DiffusionPage.RunAsync,
            ["Larder.HuggingFace"] = HubPage.RunAsync,
            ["Larder.Onnx"] = OnnxPage.RunAsync,
            ["Larder.Passes"] = PassesPage.RunAsync,
            ["Larder.Recordings"] = RecordingsPage.RunAsync,
            ["Larder.Recordings.AI"] = ClientsPage.RunAsync,
            ["Larder.S3"] = S3Page.RunAsync,
            ["Larder.Server"] = ServerPage.RunAsync,
            ["Larder.Workers"] = WorkersPage.RunAsync,
        };
}
