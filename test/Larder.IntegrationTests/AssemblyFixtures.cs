using Larder.Ceph;

[assembly: AssemblyFixture(typeof(S3Gateway))]
