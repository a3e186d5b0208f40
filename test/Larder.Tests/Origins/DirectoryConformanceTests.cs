using Larder.OriginConformance;
using Larder.Origins;
using Larder.TestKit;

namespace Larder.Tests.Origins;

public sealed class DirectoryConformanceTests : OriginConformanceTests
{
    protected override Task<OriginSite> CreateSiteAsync() => Task.FromResult<OriginSite>(new DirectorySite());

    private sealed class DirectorySite : OriginSite
    {
        private readonly TempDirectory _directory = new();

        public override IOrigin Origin { get; } = new DirectoryOrigin();

        public override ModelReference Reference => ModelReference.OfPath(_directory.Path);

        public override IReadOnlyList<ModelReference> Missing =>
            [
                ModelReference.OfPath(_directory["missing"]),
                ModelReference.OfPath(Directory.CreateTempSubdirectory("larder-test-empty-").FullName),
            ];

        // Root may read everything.
        public override (IOrigin Origin, ModelReference Reference)? Stranger => null;

        public override (IOrigin Origin, ModelReference Reference)? Unreachable => null;

        public override async Task PutAsync(string path, byte[] bytes)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_directory[path])!);
            await File.WriteAllBytesAsync(_directory[path], bytes);
        }

        public override Task DeleteAsync(string path)
        {
            File.Delete(_directory[path]);
            return Task.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            _directory.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
