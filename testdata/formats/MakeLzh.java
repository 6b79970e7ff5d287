import java.io.FileOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import jp.gr.java_conf.dangan.util.lha.LhaHeader;
import jp.gr.java_conf.dangan.util.lha.LhaOutputStream;

/** Writes an archive of a method that the jlha command does not offer: MakeLzh METHOD ARCHIVE FILE... */
public class MakeLzh {
	public static void main(String[] args) throws Exception {
		LhaOutputStream out = new LhaOutputStream(new FileOutputStream(args[1]));
		for (int i = 2; i < args.length; i++) {
			LhaHeader header = new LhaHeader(Path.of(args[i]).getFileName().toString(), new Date(1427878800000L));
			header.setCompressMethod("-" + args[0] + "-");
			header.setHeaderLevel(1);
			out.putNextEntry(header);
			out.write(Files.readAllBytes(Path.of(args[i])));
			out.closeEntry();
		}
		out.close();
	}
}
