using Larder;
using Larder.Azure;
using Larder.HuggingFace;
using Larder.Origins;
using Larder.S3;

// Each finds its credentials where the tools of its cloud have them, and connects to nothing before it is asked.
using var s3 = new S3Origin(new S3OriginOptions { PathStyle = true });
using var azure = new AzureBlobOrigin();
using var hub = new HuggingFaceOrigin();
using var cache = new ModelCache(new ModelCacheOptions { StorePath = "artifacts/sample-store" }, [s3, azure, hub]);

// s3://bucket/prefix/, az://account/container/prefix/, hf://org/repo@revision, https://host/file, or a directory.
var reference = args.Length > 0 ? ModelReference.Parse(args[0]) : ModelReference.OfPath("samples/models/sentiment");
using var model = await cache.PullAsync(reference);
Console.WriteLine($"{model.Outcome}: {model.Manifest.SizeBytes} bytes in {model.Path}");
