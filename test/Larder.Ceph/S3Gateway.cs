using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Larder.TestKit;

namespace Larder.Ceph;

/// <summary>A real S3 server for all tests of an assembly: Ceph's RADOS Gateway, started when the first of them asks for it.</summary>
public sealed class S3Gateway : IAsyncDisposable
{
    // These may appear nowhere but in requests.
    public const string AccessKey = "larder-canary-access-key";
    public const string SecretKey = "larder-canary-secret-key";

    private const int NotInstalled = 3;

    private readonly Lazy<Task> _started;
    private Process? _process;
    private AmazonS3Client? _client;
    private int _buckets;

    public S3Gateway() => _started = new Lazy<Task>(StartAsync);

    /// <summary>Its address.</summary>
    public string Url { get; private set; } = "";

    /// <summary>What a test puts its objects there with.</summary>
    public AmazonS3Client Client => _client ?? throw new InvalidOperationException("The gateway is not running yet.");

    /// <summary>Waits until it runs; skips the test where Ceph is not installed.</summary>
    public async Task<S3Gateway> RunningAsync()
    {
        await _started.Value;
        return this;
    }

    /// <summary>Makes a bucket that no other test has.</summary>
    public async Task<string> NewBucketAsync()
    {
        var bucket = $"larder-test-{Interlocked.Increment(ref _buckets)}";
        await Client.PutBucketAsync(bucket);
        return bucket;
    }

    /// <summary>Puts an object there; returns its version, where the bucket keeps versions.</summary>
    public async Task<string?> PutAsync(string bucket, string key, byte[] bytes, string? sha256 = null)
    {
        using var body = new MemoryStream(bytes, writable: false);
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = key,
            InputStream = body,
            // In chunks, each signed, it takes several times as long.
            UseChunkEncoding = false,
        };
        if (sha256 is not null)
            request.Metadata["sha256"] = sha256;
        return (await Client.PutObjectAsync(request)).VersionId;
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_process is null)
            return;
        // The end of its input is its end, however this process comes to its own.
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task StartAsync()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"larder-ceph-{Guid.NewGuid():n}");
        _process = Process.Start(
            new ProcessStartInfo(Path.Combine(Repository.Root, "eng", "ceph.sh"), [directory, AccessKey, SecretKey])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        if (await _process.StandardOutput.ReadLineAsync() is not { } ready)
        {
            await _process.WaitForExitAsync();
            if (_process.ExitCode == NotInstalled)
                Assert.Skip("Ceph is not installed: CONTRIBUTING.md says how it is.");
            throw new InvalidOperationException($"eng/ceph.sh ended with exit code {_process.ExitCode}.");
        }
        Url = ready.Split(' ')[1];
        _client = new AmazonS3Client(
            new BasicAWSCredentials(AccessKey, SecretKey),
            new AmazonS3Config
            {
                ServiceURL = Url,
                ForcePathStyle = true,
                AuthenticationRegion = "us-east-1",
                RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            }
        );
    }
}
