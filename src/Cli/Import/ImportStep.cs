using Yagura.Aws.GuardDuty;

namespace Yagura.Cli.Import;

/// <summary>What becomes of one setting.</summary>
internal enum ImportState
{
    /// <summary>Yagura does not have it.</summary>
    New,
    /// <summary>Yagura has another one of its name.</summary>
    Changed,
    Same,
    /// <summary>It cannot be taken over.</summary>
    Refused,
    /// <summary>Only Yagura has it, and keeps it.</summary>
    Own,
}

/// <param name="Kind">For people, such as <c>filter</c>.</param>
/// <param name="Detail">What is new or differs, or why it cannot be taken over.</param>
/// <param name="Change">The call that takes it over; null where nothing is to be done.</param>
internal sealed record ImportStep(string Region, string Kind, string Name, ImportState State, string Detail, SettingChange? Change = null);
