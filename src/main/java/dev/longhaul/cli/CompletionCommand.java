package dev.longhaul.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

@CommandLine.Command(name = "completion", description = {"Print a completion script. For bash, in ~/.bashrc:",
    "  source <(longhaul completion bash)",
    "For zsh, in ~/.zshrc after compinit:", "  source <(longhaul completion zsh)"})
class CompletionCommand implements Callable<Integer> {

    enum Shell { bash, zsh }

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private Shell shell = Shell.bash;

    @Override
    public Integer call() {
        if (shell == Shell.zsh) {
            System.out.println("autoload -U +X bashcompinit && bashcompinit");
        }
        System.out.println(AutoComplete.bash("longhaul", LonghaulCommand.everything()));
        return ExitCode.DONE;
    }
}
