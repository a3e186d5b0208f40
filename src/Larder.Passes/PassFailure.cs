namespace Larder.Passes;

/// <summary>Why a pass or an evaluation failed, which decides how long its failure is remembered.</summary>
public enum PassFailure
{
    /// <summary>The same input and options will fail again: a model of a kind that it cannot handle.</summary>
    Permanent,

    /// <summary>It may go well the next time: a time limit, a signal, a server that was down.</summary>
    Transient,

    /// <summary>Something of this machine is missing or wrong: a command, a library, room on the disk.</summary>
    Environment,
}
