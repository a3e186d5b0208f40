using Larder.Recordings.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larder.Recordings.Tests.Hosting;

public sealed class RecordingServicesTests : IDisposable
{
    private readonly RecordingsRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Fact]
    public void Record_Live_LeavesTheRegistrationAsItIs()
    {
        var services = new ServiceCollection().AddSingleton<IAssistant, Assistant>();
        ServiceDescriptor[] before = [.. services];

        services.AddRecordings(Options(RecordingMode.Live)).Record<IAssistant>();

        Assert.Same(before[0], services.Single(service => service.ServiceType == typeof(IAssistant)));
        using var provider = services.BuildServiceProvider();
        Assert.IsType<Assistant>(provider.GetRequiredService<IAssistant>());
    }

    [Fact]
    public async Task Record_Replay_NeverMakesTheServiceNorNeedsWhatItNeeds()
    {
        await RecordOneAsync();
        var services = new ServiceCollection().AddSingleton<INeedy, Needy>();
        services.AddRecordings(Options(RecordingMode.Replay)).Record<INeedy>();
        await using var provider = services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }
        );

        Assert.Equal(4, await provider.GetRequiredService<INeedy>().CountAsync("four"));
        Assert.Equal(1, provider.GetRequiredService<Recordings>().Statistics.Hits);
    }

    [Theory]
    [InlineData(ServiceLifetime.Singleton, 1)]
    [InlineData(ServiceLifetime.Scoped, 2)]
    [InlineData(ServiceLifetime.Transient, 3)]
    public async Task Record_Recording_KeepsTheLifetimeAndDisposesWhatWasMade(ServiceLifetime lifetime, int made)
    {
        var all = new List<Assistant>();
        var services = new ServiceCollection();
        services.Add(ServiceDescriptor.Describe(typeof(IAssistant), _ => Made(), lifetime));
        services.AddRecordings(Options(RecordingMode.Record)).Record<IAssistant>(new Deployment("Assistant"));

        await using (var provider = services.BuildServiceProvider())
        {
            for (var i = 0; i < 2; i++)
            {
                await using var scope = provider.CreateAsyncScope();
                for (var n = 0; n < 2 - i; n++)
                    await scope.ServiceProvider.GetRequiredService<IAssistant>().CountAsync($"{i} {n}");
            }
        }

        Assert.Equal(made, all.Count);
        Assert.All(all, assistant => Assert.Equal(1, assistant.Disposals));

        Assistant Made()
        {
            var assistant = new Assistant();
            all.Add(assistant);
            return assistant;
        }
    }

    [Fact]
    public async Task Record_KeyedServices_AreEachTheirOwn()
    {
        var services = new ServiceCollection()
            .AddKeyedSingleton<IAssistant>("short", new Assistant { OnAsk = (_, _) => Task.FromResult("short") })
            .AddKeyedSingleton<IAssistant>(
                "long",
                new Assistant { OnAsk = (_, _) => Task.FromResult("a long answer") }
            );
        services.AddRecordings(Options(RecordingMode.Record)).Record<IAssistant>(new Deployment("Assistant"));
        await using var provider = services.BuildServiceProvider();

        Assert.Equal("short", await provider.GetRequiredKeyedService<IAssistant>("short").AskAsync("Why?"));
        Assert.Equal("a long answer", await provider.GetRequiredKeyedService<IAssistant>("long").AskAsync("Why?"));
        Assert.Equal(2, _room.Files.Count);
    }

    [Fact]
    public void Record_TwoRegistrationsThatOneNameCannotTellApart_IsToldSo()
    {
        var builder = new ServiceCollection()
            .AddSingleton<IAssistant>(new Assistant())
            .AddSingleton<IAssistant>(new Assistant())
            .AddRecordings(Options(RecordingMode.Replay));

        var wrong = Assert.Throws<InvalidOperationException>(() => builder.Record<IAssistant>());

        Assert.Contains("2 times", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Record_RegistrationForAnyKey_IsRefusedAsOneNameForAll()
    {
        var builder = new ServiceCollection()
            .AddKeyedSingleton<IAssistant>(KeyedService.AnyKey, (_, _) => new Assistant())
            .AddRecordings(Options(RecordingMode.Replay));

        var wrong = Assert.Throws<InvalidOperationException>(() =>
            builder.Record<IAssistant>(new Deployment("Assistant"))
        );

        Assert.Contains("any key", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Record_KeysThatAreWrittenAlike_IsToldSo()
    {
        var builder = new ServiceCollection()
            .AddKeyedSingleton<IAssistant>(1, new Assistant())
            .AddKeyedSingleton<IAssistant>("1", new Assistant())
            .AddRecordings(Options(RecordingMode.Replay));

        var wrong = Assert.Throws<InvalidOperationException>(() =>
            builder.Record<IAssistant>(new Deployment("Assistant"))
        );

        Assert.Contains("2 times", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_Twice_RecordsOnce()
    {
        var services = new ServiceCollection().AddSingleton<IAssistant, Assistant>();
        services
            .AddRecordings(Options(RecordingMode.RecordMissing))
            .Record<IAssistant>()
            .Record<IAssistant>(new Deployment("Mine"));
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IAssistant>().AskAsync("Why?");

        Assert.Equal(["Larder.Recordings.Tests.Assistant", "Mine"], _room.Files.Select(file => file.Split('/')[0]));
    }

    [Fact]
    public async Task Record_ConfigurationOfAnotherService_IsPartOfTheRequest()
    {
        foreach (var size in new[] { "small", "large" })
        {
            var services = new ServiceCollection()
                .AddSingleton(new Settings(size))
                .AddSingleton<IAssistant, Assistant>();
            services
                .AddRecordings(Options(RecordingMode.Record))
                .Record<IAssistant>(provider => new Deployment("Assistant")
                {
                    Configuration = provider.GetRequiredService<Settings>(),
                });
            await using var provider = services.BuildServiceProvider();
            await provider.GetRequiredService<IAssistant>().AskAsync("Why?");
        }

        Assert.Equal(2, _room.Files.Count);
    }

    [Fact]
    public void Record_ServiceThatIsNotRegistered_IsToldSo()
    {
        var builder = new ServiceCollection().AddRecordings(Options(RecordingMode.Replay));

        var wrong = Assert.Throws<InvalidOperationException>(() => builder.Record<IAssistant>());

        Assert.Contains(nameof(IAssistant), wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Record_ServiceThatAFunctionMakesWithoutAName_IsToldSo()
    {
        var builder = new ServiceCollection()
            .AddSingleton<IAssistant>(_ => new Assistant())
            .AddRecordings(Options(RecordingMode.Replay));

        var wrong = Assert.Throws<InvalidOperationException>(() => builder.Record<IAssistant>());

        Assert.Contains("new Deployment", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddRecordings_OfAFixture_AreNotDisposedByTheContainer()
    {
        using var recordings = _room.Open(RecordingMode.Replay);
        var services = new ServiceCollection();
        services.AddRecordings(recordings);

        using (var provider = services.BuildServiceProvider())
            Assert.Same(recordings, provider.GetRequiredService<Recordings>());
    }

    [Fact]
    public void AddRecordings_OthersThanBefore_IsRefused()
    {
        var options = Options(RecordingMode.Replay);
        var services = new ServiceCollection();
        services.AddRecordings(options);
        services.AddRecordings(options);

        var wrong = Assert.Throws<InvalidOperationException>(() =>
            services.AddRecordings(Options(RecordingMode.Replay))
        );

        Assert.Contains("Wrap", wrong.Message, StringComparison.Ordinal);
    }

    private async Task RecordOneAsync()
    {
        using var recordings = _room.Open(RecordingMode.Record);
        await recordings.Wrap<INeedy>(new Needy(new Settings("any"))).CountAsync("four");
    }

    private RecordingsOptions Options(RecordingMode mode) =>
        new()
        {
            Directory = _room.Path,
            Mode = mode,
            Variable = _ => null,
        };

    public interface INeedy
    {
        [TestCache]
        Task<int> CountAsync(string text);
    }

    public sealed record Settings(string Size);

    public sealed class Needy(Settings settings) : INeedy
    {
        public Task<int> CountAsync(string text) => Task.FromResult(settings.Size.Length == 0 ? 0 : text.Length);
    }
}
