namespace Larder.Workers.Serving;

/// <summary>A program as that which workers depend on besides the files.</summary>
internal readonly record struct WorkerSettings(WorkerProgram Program)
{
    public bool Equals(WorkerSettings other) => Program.Identity == other.Program.Identity;

    public override int GetHashCode() => Program.Identity.GetHashCode();
}
